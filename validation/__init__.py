"""`midwatch validate`: everything that is wrong with a configuration, for people and for machines."""

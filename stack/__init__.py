"""Everything Midwatch consists of, started as child processes of one command."""

"""How quickly an alert becomes a call, beside the least that Temporal needs for one."""

"""What all other packages use: the configuration, data types, tables, IRIs, errors and the report of a build."""

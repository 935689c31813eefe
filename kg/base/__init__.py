"""Values, schemas and services that all other packages use: configuration, model, tables, IRIs, errors."""

"""Values, schemas and services that every other room uses: configuration, model, tables, IRIs, errors."""

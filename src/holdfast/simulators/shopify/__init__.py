"""A strict local stand-in for Shopify's Admin API (GraphQL)."""

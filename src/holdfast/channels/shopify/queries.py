"""The GraphQL that we send."""

ADJUST = """mutation adjust($input: InventoryAdjustQuantitiesInput!, $key: String!) {
  inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { changes { name delta quantityAfterChange } }
    userErrors { field message code }
  }
}"""

READ = """query level($item: ID!, $location: ID!) {
  inventoryItem(id: $item) {
    id
    inventoryLevel(locationId: $location) {
      quantities(names: ["available", "committed"]) { name quantity }
    }
  }
}"""

_ORDER = """id createdAt updatedAt processedAt cancelledAt closedAt
    displayFinancialStatus displayFulfillmentStatus
    customer { id }
    lineItems(first: 100) {
      nodes { id quantity currentQuantity sku variant { inventoryItem { id } } }
    }"""

ORDER = f"""query order($id: ID!) {{
  order(id: $id) {{
    {_ORDER}
  }}
}}"""

ORDERS = f"""query orders($first: Int!, $after: String, $query: String!) {{
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {{
    nodes {{
    {_ORDER}
    }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}"""

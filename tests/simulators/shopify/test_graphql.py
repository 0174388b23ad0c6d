"""The small GraphQL reader: whitespace is free, meaning is not."""

import pytest

from holdfast.simulators.shopify.graphql import GraphQLError, cut, parse

ADJUST = """
# a comment
mutation Adjust($input: InventoryAdjustQuantitiesInput!, $key: String!) {
  inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { changes { name, delta } }
    userErrors { code message }
  }
}
"""


def test_a_mutation_with_variables_and_a_directive() -> None:
    operation = parse(ADJUST, {"input": {"reason": "correction"}, "key": "w-1"})
    assert operation.kind == "mutation"
    (adjust,) = operation.selected
    assert adjust.name == "inventoryAdjustQuantities"
    assert adjust.arguments == {"input": {"reason": "correction"}}
    assert adjust.directives == {"idempotent": {"key": "w-1"}}
    assert [field.name for field in adjust.selected] == ["inventoryAdjustmentGroup", "userErrors"]


def test_literals_defaults_aliases_and_no_whitespace() -> None:
    operation = parse(
        'query($n:Int=50){a:orders(first:$n,query:"x:\\"y\\"",reverse:true,ids:[1,-2]){nodes{id}}}', {}
    )
    (orders,) = operation.selected
    assert (orders.key, orders.name) == ("a", "orders")
    assert orders.arguments == {"first": 50, "query": 'x:"y"', "reverse": True, "ids": [1, -2]}


@pytest.mark.parametrize(
    "document",
    [
        "",
        "{",
        "{a",
        "query Q {a} {b}",
        "subscription {a}",
        "{a(b: $c)}",
        "{...F}",
        "query($x: Int!) {a}",
        "{a ~}",
    ],
)
def test_what_is_refused(document: str) -> None:
    with pytest.raises(GraphQLError):
        parse(document, {})


def test_an_answer_has_what_was_selected_and_nothing_else() -> None:
    value = {"node": {"id": "1", "secret": "s", "lines": lambda arguments: [{"n": arguments["first"]}]}}
    selected = parse("{node {key: id __typename lines(first: 2) {n}}}", {}).selected
    assert cut(value, selected, "QueryRoot") == {
        "node": {"key": "1", "__typename": "node", "lines": [{"n": 2}]}
    }


@pytest.mark.parametrize("document", ["{node {unknown}}", "{node}", "{node {id {more}}}"])
def test_a_selection_that_does_not_fit_is_refused(document: str) -> None:
    with pytest.raises(GraphQLError):
        cut({"node": {"id": "1"}}, parse(document, {}).selected, "QueryRoot")

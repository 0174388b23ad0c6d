"""Item sheets: from CSV and Excel to a plan of what will change, and back."""

from .cells import CLEARED, Cleared
from .export import codes_that_excel_spoils, state_items, template, write
from .plan import FieldChange, MoveStock, Plan, PutItem, plan
from .problems import Language, SheetError, SheetProblem
from .rows import ItemRow, Sheet, read_bytes, read_sheet
from .state import Balance, CurrentState, ItemState, state_from_documents

__all__ = [
    "CLEARED",
    "Balance",
    "Cleared",
    "CurrentState",
    "FieldChange",
    "ItemRow",
    "ItemState",
    "Language",
    "MoveStock",
    "Plan",
    "PutItem",
    "Sheet",
    "SheetError",
    "SheetProblem",
    "codes_that_excel_spoils",
    "plan",
    "read_bytes",
    "read_sheet",
    "state_from_documents",
    "state_items",
    "template",
    "write",
]

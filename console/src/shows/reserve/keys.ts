/** The one button on a page that opens what is proposed. */
export const APPROVE = "approve-proposal";

/** Give the keyboard to it: Enter then opens, so that one slip of a finger opens nothing. */
export function reachApproval(): void {
  document.getElementById(APPROVE)?.focus();
}

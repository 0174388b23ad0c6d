import { Button, type ButtonProps, Tooltip } from "antd";

interface Props extends ButtonProps {
  /** Why it cannot be pressed; empty when it can. */
  why: string;
}

/** A button that says why it cannot be pressed, and can be reached to say so. */
export function Act({ why, onClick, ...rest }: Props) {
  const button = <Button {...rest} aria-disabled={why !== ""} onClick={why ? undefined : onClick} />;
  return why ? <Tooltip title={why}>{button}</Tooltip> : button;
}

import { Button, type ButtonProps, Tooltip } from "antd";

interface Props extends Omit<ButtonProps, "disabled"> {
  /** Why the button cannot be pressed; null when it can. */
  why: string | null;
}

/** A button that, when it cannot be pressed, can still be reached and says why. */
export function Guarded({ why, onClick, className, danger, ...rest }: Props) {
  return (
    <Tooltip title={why}>
      <Button
        {...rest}
        danger={Boolean(danger) && why === null}
        aria-disabled={why !== null}
        aria-description={why ?? undefined}
        className={`${className ?? ""}${why === null ? "" : " is-disabled"}`}
        onClick={(event) => why === null && onClick?.(event)}
      />
    </Tooltip>
  );
}

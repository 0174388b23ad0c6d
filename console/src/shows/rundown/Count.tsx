interface Props {
  label: string;
  value: number | null;
  placeholder?: string;
  max?: number;
  fixed: boolean;
  wide?: boolean;
  set(value: number | null): void;
}

const UNITS_MAX = 1_000_000_000;

/** A whole number in a line; empty is none. */
export function Count({ label, value, placeholder, max = UNITS_MAX, fixed, wide, set }: Props) {
  return (
    <input
      className={`rundown-field rundown-count num ${wide ? "is-wide" : ""}`}
      inputMode="numeric"
      aria-label={label}
      title={label}
      readOnly={fixed}
      placeholder={placeholder}
      value={value ?? ""}
      onFocus={(event) => event.target.select()}
      onChange={(event) => {
        const digits = event.target.value.replace(/\D/g, "");
        set(digits === "" ? null : Math.min(max, Number(digits)));
      }}
    />
  );
}

interface Props {
  planned: number;
  sold: number;
  /** The longest bar of the table, in units. */
  most: number;
  label: string;
}

/** Sold against planned: a filled bar in an outlined one, on one scale for all lines. */
export function SoldBar({ planned, sold, most, label }: Props) {
  const share = (units: number) => `${(100 * Math.max(0, units)) / most}%`;
  return (
    <span className="sold-bar" role="img" aria-label={label}>
      <i className="is-planned" style={{ width: share(planned) }} />
      <i className="is-sold" style={{ width: share(sold) }} />
    </span>
  );
}

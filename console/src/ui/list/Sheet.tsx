import type { ReactNode } from "react";
import "./sheet.css";

/** A table that on a narrow screen is pushed sideways, by the keyboard too. */
export function Sheet({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached without a mouse.
    <section className="sheet-scroll" aria-label={label} tabIndex={0}>
      <table className="sheet">{children}</table>
    </section>
  );
}

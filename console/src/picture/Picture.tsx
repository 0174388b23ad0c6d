import { memo, useState } from "react";
import { initialOf } from "./address";
import "./picture.css";

/** Addresses that were drawn before: their pictures stand at once when a line scrolls back into sight. */
const drawn = new Set<string>();

interface Props {
  url: string | null | undefined;
  /** What the item is called; it stands beside the picture, so that a screen reader is not told twice. */
  name: string;
  /** Told when the picture stands, or cannot be had. */
  settled?: (url: string, good: boolean) => void;
}

/** The picture of an item in a place of fixed size; a calm letter until it stands, and where there is none. */
export const Picture = memo(function Picture({ url, name, settled }: Props) {
  const [good, setGood] = useState<string | null>(null);
  const [bad, setBad] = useState<string | null>(null);
  const shown = url && url !== bad;
  const stands = shown && (url === good || drawn.has(url));
  return (
    <span className="picture" aria-hidden="true" data-picture={stands ? "shown" : "letter"}>
      {!stands && initialOf(name)}
      {shown && (
        <img
          key={url}
          src={url}
          alt=""
          className={stands ? "is-shown" : ""}
          loading="lazy"
          decoding="async"
          draggable={false}
          referrerPolicy="no-referrer"
          onLoad={() => {
            drawn.add(url);
            setGood(url);
            settled?.(url, true);
          }}
          onError={() => {
            drawn.delete(url);
            setBad(url);
            settled?.(url, false);
          }}
        />
      )}
    </span>
  );
});

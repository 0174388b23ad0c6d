import { useState } from "react";
import type { ShowDocument } from "../../api/types";
import { Guarded } from "../../ui/Guarded";
import { usePreferences } from "../../ui/preferences";
import type { Draft } from "../rundown/useDraft";
import { StartDialog } from "./StartDialog";

interface Props {
  show: ShowDocument;
  draft: Draft;
  whyNot: string | null;
}

/** The way on air: what is not saved is not checked. */
export function StartButton({ show, draft, whyNot }: Props) {
  const { t } = usePreferences();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Guarded
        type="primary"
        why={whyNot ?? (draft.dirty ? t("show.start.unsaved") : null)}
        onClick={() => setOpen(true)}
      >
        {t("show.start")}
      </Guarded>
      {open && <StartDialog show={show} close={() => setOpen(false)} />}
    </>
  );
}

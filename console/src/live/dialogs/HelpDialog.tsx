import { Modal } from "antd";
import type { MessageKey } from "../../i18n/translate";
import { usePreferences } from "../../ui/preferences";

const KEYS: readonly [string, MessageKey][] = [
  ["↑ ↓  J K", "help.select"],
  ["Home End", "help.ends"],
  ["/", "help.search"],
  ["Ctrl K", "help.commands"],
  ["G R A O", "help.move"],
  ["F", "help.freeze"],
  ["U", "help.auto"],
  ["P", "help.pitch"],
  ["N", "help.next"],
  ["Y", "help.proposal"],
  ["← →", "help.channel"],
  ["Z", "help.undo"],
  ["Esc", "help.close"],
  ["?", "help.help"],
];

/** The keys of the page. */
export function HelpDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = usePreferences();
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t("help.title")} width={420} destroyOnHidden>
      <dl className="help">
        {KEYS.map(([keys, word]) => (
          <div key={keys}>
            <dt>{keys.split(" ").map((key) => (key ? <kbd key={key}>{key}</kbd> : " "))}</dt>
            <dd>{t(word)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

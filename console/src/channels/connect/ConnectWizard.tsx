import { Button, Modal, Steps } from "antd";
import { useState } from "react";
import type { ManifestDocument } from "../../api/types";
import { useWhyNot } from "../../ui/may";
import { usePreferences } from "../../ui/preferences";
import { ListingsPanel } from "../listings/ListingsPanel";
import type { ChannelRow } from "../queries";
import { ChannelStep } from "./ChannelStep";
import { CheckStep } from "./CheckStep";
import { CredentialsStep } from "./CredentialsStep";

interface Props {
  /** Empty: a new one is to be made. */
  channel: string;
  rows: readonly ChannelRow[];
  platforms: ReadonlyMap<string, ManifestDocument>;
  close(): void;
  go(channel: string): void;
}

const STEPS = ["channel", "keys", "check", "listings"] as const;

/** From nothing to a channel that sells: platform and name, keys, a check, listings. */
export function ConnectWizard({ channel, rows, platforms, close, go }: Props) {
  const { t } = usePreferences();
  const mayConnect = useWhyNot("administrator") === null;
  const [step, setStep] = useState(channel ? 1 : 0);
  const row = rows.find((each) => each.channel.channel === channel);
  const manifest = row?.manifest;
  return (
    <Modal
      open
      onCancel={close}
      footer={null}
      width={820}
      mask={{ closable: false }}
      title={row ? t("channels.connect.title", { name: row.name }) : t("channels.new")}
    >
      <Steps
        size="small"
        current={step}
        items={STEPS.map((name) => ({ title: t(`channels.step.${name}`) }))}
        className="wizard-steps"
      />
      {step === 0 && (
        <ChannelStep
          platforms={platforms}
          taken={new Set(rows.map((each) => each.channel.channel))}
          done={(made) => {
            // Who may make a channel need not be one who may hold its keys.
            if (!platforms.get(made.platform)?.needs_connection || !mayConnect) return close();
            go(made.channel);
            setStep(1);
          }}
        />
      )}
      {step > 0 && !manifest && <p className="channels-note">{t("channels.loading")}</p>}
      {step === 1 && manifest && (
        <CredentialsStep
          channel={channel}
          manifest={manifest}
          connected={row.sync !== undefined}
          done={() => setStep(2)}
        />
      )}
      {step === 2 && manifest && (
        <CheckStep channel={channel} manifest={manifest} back={() => setStep(1)} done={() => setStep(3)} />
      )}
      {step === 3 && (
        <div className="wizard-form">
          <ListingsPanel channel={channel} sync={row?.sync} />
          <footer>
            <Button type="primary" onClick={close}>
              {t("channels.finish")}
            </Button>
          </footer>
        </div>
      )}
    </Modal>
  );
}

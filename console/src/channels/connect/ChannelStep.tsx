import { Button, Input, Radio } from "antd";
import { type FormEvent, useState } from "react";
import type { ChannelBody, ChannelDocument, ManifestDocument } from "../../api/types";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { channelPath, useWrite } from "../parts/useWrite";
import { titleOf } from "../words";

interface Props {
  platforms: ReadonlyMap<string, ManifestDocument>;
  taken: ReadonlySet<string>;
  done(channel: ChannelDocument): void;
}

/** A code that is free: the platform's name, with a number behind it if need be. */
function codeFor(platform: string, taken: ReadonlySet<string>): string {
  if (!taken.has(platform)) return platform;
  for (let number = 2; ; number++) if (!taken.has(`${platform}-${number}`)) return `${platform}-${number}`;
}

/** Which platform, and what the channel is called. */
export function ChannelStep({ platforms, taken, done }: Props) {
  const { t, language } = usePreferences();
  const { write } = useWrite();
  const [platform, setPlatform] = useState("");
  const [name, setName] = useState("");
  const [typedCode, setCode] = useState<string | null>(null);
  const [problem, setProblem] = useState("");
  const code = typedCode ?? codeFor(platform, taken);
  const why = !platform
    ? t("channels.new.pick")
    : !name.trim()
      ? t("channels.new.name_it")
      : taken.has(code)
        ? t("channels.new.taken", { code })
        : "";

  function submit(event: FormEvent) {
    event.preventDefault();
    if (why) return setProblem(why);
    const body: ChannelBody = { platform, name: name.trim() };
    write<ChannelDocument>("PUT", channelPath(code), body).then(done, (error) =>
      setProblem(troubleWord(t, error)),
    );
  }

  return (
    <form className="wizard-form" onSubmit={submit}>
      <fieldset className="wizard-platforms">
        <legend>{t("channels.new.platform")}</legend>
        <Radio.Group value={platform} onChange={(event) => setPlatform(String(event.target.value))}>
          {[...platforms.values()].map((each) => (
            <Radio key={each.platform} value={each.platform}>
              {titleOf(each, each.platform, language)}
            </Radio>
          ))}
        </Radio.Group>
      </fieldset>
      <label htmlFor="channel-name">{t("channels.new.name")}</label>
      <Input
        id="channel-name"
        value={name}
        maxLength={100}
        placeholder={t("channels.new.name.hint")}
        onChange={(event) => setName(event.target.value)}
      />
      <label htmlFor="channel-code">{t("channels.new.code")}</label>
      <Input
        id="channel-code"
        value={code}
        maxLength={64}
        onChange={(event) => setCode(event.target.value)}
      />
      <small className="muted">{t("channels.new.code.hint")}</small>
      <footer>
        <span className="wizard-problem" role="alert">
          {problem}
        </span>
        <Button type="primary" htmlType="submit">
          {t("channels.new.make")}
        </Button>
      </footer>
    </form>
  );
}

import { Form, Select } from "antd";
import { usePreferences } from "../../ui/preferences";
import { spanWord } from "./sentence";

const HOUR = 3_600;
const WINDOWS = [1, 10, 60, 300, 600, 1_800, HOUR, 6 * HOUR, 24 * HOUR, 7 * 24 * HOUR];

interface Props {
  name: string | string[];
  label: string;
  choices?: readonly number[];
  word?(seconds: number): string;
}

/** A span of time to choose; one that is set already and is no usual one is offered too. */
export function Window({ name, label, choices = WINDOWS, word }: Props) {
  const { t } = usePreferences();
  const now = Form.useWatch(name) as number | undefined;
  const offered = now === undefined || choices.includes(now) ? choices : [...choices, now];
  return (
    <Form.Item name={name} noStyle>
      <Select
        aria-label={label}
        options={[...offered]
          .sort((a, b) => a - b)
          .map((value) => ({ value, label: word ? word(value) : spanWord(t, value) }))}
      />
    </Form.Item>
  );
}

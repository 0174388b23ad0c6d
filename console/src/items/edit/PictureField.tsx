import { Form, Input } from "antd";
import { useCallback, useEffect, useState } from "react";
import { ADDRESS_CHARACTERS_MAX, isPicture } from "../../picture/address";
import { Picture } from "../../picture/Picture";
import { usePreferences } from "../../ui/preferences";
import type { Draft } from "../item";

/** An address that is still being typed is not asked for. */
const PAUSE_MS = 400;

/** The picture's address, and what it shows. */
export function PictureField() {
  const { t } = usePreferences();
  const form = Form.useFormInstance<Draft>();
  const text = (Form.useWatch("image", form) ?? "").trim();
  const name = Form.useWatch("name", form) ?? "";
  const [url, setUrl] = useState<string | null>(() => form.getFieldValue("image") || null);
  const [settled, setSettled] = useState<{ url: string; good: boolean } | null>(null);
  const good = settled?.url === text ? settled.good : null;

  useEffect(() => {
    const timer = setTimeout(() => setUrl(isPicture(text) ? text : null), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);

  const settle = useCallback((url: string, good: boolean) => setSettled({ url, good }), []);
  return (
    <div className="items-picture">
      <Picture url={url} name={name} settled={settle} />
      <Form.Item
        name="image"
        label={t("items.image")}
        extra={
          <span
            role="status"
            data-testid="picture-state"
            className={good === false ? "items-warn" : undefined}
          >
            {t(good === null ? "items.image.hint" : good ? "items.image.good" : "items.image.bad")}
          </span>
        }
        rules={[
          {
            validator: async (_: unknown, value: string) => {
              if (value?.trim() && !isPicture(value.trim())) throw new Error(t("items.wrong.image"));
            },
          },
        ]}
      >
        <Input className="num" type="url" autoComplete="off" maxLength={ADDRESS_CHARACTERS_MAX} />
      </Form.Item>
    </div>
  );
}

import { Radio } from "antd";
import { useEffect, useState } from "react";
import { Drawing } from "../../overlay/draw";
import style from "../../overlay/overlay.css?inline";
import { usePreferences } from "../../ui/preferences";
import { type Look, MOMENTS, type Moment, sample } from "./look";

const SHAPES = ["wide", "upright"] as const;

interface Props {
  look: Look;
  names: readonly string[];
}

/** The overlay drawn as on air, at its real size in a frame that is then made small. */
export function Preview({ look, names }: Props) {
  const { t } = usePreferences();
  const [shape, setShape] = useState<(typeof SHAPES)[number]>("wide");
  const [moment, setMoment] = useState<Moment>("low");
  const [drawing, setDrawing] = useState<Drawing | null>(null);

  useEffect(() => drawing?.show(sample(look, names, moment), Date.now()), [drawing, look, names, moment]);

  function loaded(frame: HTMLIFrameElement) {
    const page = frame.contentDocument;
    if (!page) return;
    const sheet = page.createElement("style");
    sheet.textContent = style;
    page.head.replaceChildren(sheet);
    page.body.replaceChildren();
    setDrawing(new Drawing(page.body));
  }

  return (
    <div className="overlay-preview">
      <div className="overlay-choices">
        <Radio.Group
          size="small"
          optionType="button"
          aria-label={t("overlays.shape")}
          value={shape}
          onChange={(event) => setShape(event.target.value)}
          options={SHAPES.map((value) => ({ value, label: t(`overlays.shape.${value}`) }))}
        />
        <Radio.Group
          size="small"
          optionType="button"
          aria-label={t("overlays.moment")}
          value={moment}
          onChange={(event) => setMoment(event.target.value)}
          options={MOMENTS.map((value) => ({ value, label: t(`overlays.moment.${value}`) }))}
        />
      </div>
      <div className="overlay-stage">
        <div className="overlay-scene" data-shape={shape}>
          <iframe
            title={t("overlays.preview")}
            tabIndex={-1}
            srcDoc="<!doctype html><title>Holdfast</title>"
            onLoad={(event) => loaded(event.currentTarget)}
          />
        </div>
      </div>
      <p className="muted">{t("overlays.preview")}</p>
    </div>
  );
}

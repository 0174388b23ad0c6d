import { LineChart } from "echarts/charts";
import { GridComponent } from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import type { Point } from "../../stock/pace";
import { usePreferences } from "../../ui/preferences";
import { useLive } from "../context";

use([LineChart, GridComponent, CanvasRenderer]);

const EVERY_MS = 1_000;
const SPAN_MS = 600_000;

/** The available units of one item over the last ten minutes. */
export default function PaceChart({ sku }: { sku: string }) {
  const { store } = useLive();
  const { theme, t } = usePreferences();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current) return;
    const chart = init(box.current);
    const draw = () => paint(chart, store.history(sku), theme === "dark");
    draw();
    const timer = setInterval(draw, EVERY_MS);
    const resize = new ResizeObserver(() => chart.resize());
    resize.observe(box.current);
    return () => {
      clearInterval(timer);
      resize.disconnect();
      chart.dispose();
    };
  }, [store, sku, theme]);
  return <div ref={box} className="chart" role="img" aria-label={t("dock.chart")} />;
}

function paint(chart: EChartsType, points: readonly Point[], dark: boolean): void {
  const now = Date.now();
  const data = points.filter((point) => point.at > now - SPAN_MS).map((point) => [point.at, point.available]);
  const last = data.at(-1);
  if (last) data.push([now, last[1] ?? 0]);
  const line = dark ? "#2dd4bf" : "#0f766e";
  const grey = dark ? "#9aa7b7" : "#586474";
  const from = Math.max(now - SPAN_MS, points[0]?.at ?? now);
  chart.setOption({
    animation: false,
    grid: { left: 44, right: 8, top: 8, bottom: 20 },
    xAxis: {
      type: "time",
      min: Math.min(from, now - 60_000),
      max: now,
      minInterval: 60_000,
      splitNumber: 3,
      axisLabel: { color: grey, fontSize: 10, hideOverlap: true, formatter: "{HH}:{mm}" },
      axisLine: { lineStyle: { color: dark ? "#2a3442" : "#d5dbe3" } },
      axisTick: { show: false },
    },
    yAxis: {
      type: "value",
      scale: true,
      min: 0,
      splitNumber: 2,
      minInterval: 1,
      axisLabel: { color: grey, fontSize: 10 },
      splitLine: { lineStyle: { color: dark ? "#222b37" : "#e8ecf1" } },
    },
    series: [
      {
        type: "line",
        step: "end",
        showSymbol: false,
        data,
        lineStyle: { color: line, width: 1.5 },
        areaStyle: { color: line, opacity: 0.12 },
      },
    ],
  });
}

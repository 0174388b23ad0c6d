import { theme as antd, type ThemeConfig } from "antd";
import type { Theme } from "../preferences";

/** What is chosen or filled in must be found by its edge: 3:1 against both grounds. */
const edges = (colorBorder: string) =>
  Object.fromEntries(
    ["Checkbox", "Radio", "Input", "InputNumber", "Select"].map((name) => [name, { colorBorder }]),
  );

const SHARED = {
  borderRadius: 4,
  fontSize: 13,
  controlHeight: 30,
  motion: false,
  fontFamily: 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif',
};

/** The component library in our colours; the same values stand in `styles.css`. */
export function antTheme(theme: Theme): ThemeConfig {
  return theme === "dark"
    ? {
        algorithm: antd.darkAlgorithm,
        token: {
          ...SHARED,
          colorPrimary: "#2dd4bf",
          colorInfo: "#2dd4bf",
          colorError: "#ff8078",
          colorBgBase: "#0d1117",
          colorBgContainer: "#151b23",
          colorBgElevated: "#1c2430",
          colorTextDescription: "#9aa7b7",
          colorTextPlaceholder: "#8b98a9",
          colorTextDisabled: "#8593a3",
          colorBorder: "#3a4656",
          colorBgSpotlight: "#2f3b4a",
        },
        components: {
          Button: { primaryColor: "#04201c", dangerColor: "#2b0704" },
          ...edges("#6b7889"),
        },
      }
    : {
        algorithm: antd.defaultAlgorithm,
        token: {
          ...SHARED,
          colorPrimary: "#0f766e",
          colorInfo: "#0f766e",
          colorError: "#b42318",
          colorTextDescription: "#586474",
          colorTextPlaceholder: "#5b6776",
          colorTextDisabled: "#667180",
        },
        components: edges("#838e9d"),
      };
}

import { ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import type { ReactNode } from "react";
import { usePreferences } from "../preferences";
import { Fallback } from "./Fallback";
import { antTheme } from "./theme";

/** The component library in the chosen language and theme. */
export function Themed({ children }: { children: ReactNode }) {
  const { language, theme, t } = usePreferences();
  return (
    <ConfigProvider
      locale={language === "zh" ? zhCN : enUS}
      theme={antTheme(theme)}
      button={{ autoInsertSpace: false }}
    >
      <Fallback message={t("app.broken")}>{children}</Fallback>
    </ConfigProvider>
  );
}

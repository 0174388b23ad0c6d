import { Tabs } from "antd";
import { useSearchParams } from "wouter";
import { Frame } from "../frame/Frame";
import { usePreferences } from "../ui/preferences";
import { DestinationsTab } from "./destinations/DestinationsTab";
import { LinesTab } from "./LinesTab";
import { StandingTab } from "./StandingTab";
import "./warnings.css";

const TABS = { standing: StandingTab, lines: LinesTab, destinations: DestinationsTab } as const;
const NAMES = Object.keys(TABS) as (keyof typeof TABS)[];

/** What runs out, where the lines lie that say so, and who is told. */
export default function WarningsPage() {
  const { t } = usePreferences();
  const [params, setParams] = useSearchParams();
  const tab = NAMES.find((name) => name === params.get("tab")) ?? "standing";
  return (
    <Frame title={t("nav.warnings")}>
      <Tabs
        className="warnings"
        activeKey={tab}
        destroyOnHidden
        onChange={(name) => setParams({ tab: name })}
        items={NAMES.map((name) => {
          const Tab = TABS[name];
          return { key: name, label: t(`warnings.tab.${name}`), children: <Tab /> };
        })}
      />
    </Frame>
  );
}

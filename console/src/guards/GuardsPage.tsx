import { Tabs } from "antd";
import { useSearchParams } from "wouter";
import { Frame } from "../frame/Frame";
import { usePreferences } from "../ui/preferences";
import { ListsTab } from "./lists/ListsTab";
import { PreviewTab } from "./preview/PreviewTab";
import { RefusalsTab } from "./refusals/RefusalsTab";
import { ReviewsTab } from "./reviews/ReviewsTab";
import { RulesTab } from "./rules/RulesTab";
import { TicketsTab } from "./tickets/TicketsTab";
import "./guards.css";

const TABS = {
  rules: RulesTab,
  reviews: ReviewsTab,
  refusals: RefusalsTab,
  lists: ListsTab,
  tickets: TicketsTab,
  preview: PreviewTab,
} as const;
const NAMES = Object.keys(TABS) as (keyof typeof TABS)[];

/** Who may buy and where it ends: rules, what they stopped, and what they would have stopped. */
export default function GuardsPage() {
  const { t } = usePreferences();
  const [params, setParams] = useSearchParams();
  const tab = NAMES.find((name) => name === params.get("tab")) ?? "rules";
  return (
    <Frame title={t("nav.guards")}>
      <Tabs
        className="guards"
        activeKey={tab}
        destroyOnHidden
        onChange={(name) => setParams({ tab: name })}
        items={NAMES.map((name) => {
          const Tab = TABS[name];
          return { key: name, label: t(`guards.tab.${name}`), children: <Tab /> };
        })}
      />
    </Frame>
  );
}

import { Tabs } from "antd";
import { useSearchParams } from "wouter";
import { Frame } from "../frame/Frame";
import { usePreferences } from "../ui/preferences";
import { AuditTab } from "./audit/AuditTab";
import { KeysTab } from "./keys/KeysTab";
import { OverlaysTab } from "./overlays/OverlaysTab";
import { RolesTab } from "./roles/RolesTab";
import "./settings.css";

const TABS = { keys: KeysTab, overlays: OverlaysTab, audit: AuditTab, roles: RolesTab } as const;
const NAMES = Object.keys(TABS) as (keyof typeof TABS)[];

/** Who may come in, what viewers see, and who did what; the tab stands in the address. */
export default function SettingsPage() {
  const { t } = usePreferences();
  const [params, setParams] = useSearchParams();
  const asked = params.get("tab");
  const tab = NAMES.find((name) => name === asked) ?? "keys";
  return (
    <Frame title={t("nav.settings")}>
      <Tabs
        className="settings"
        activeKey={tab}
        destroyOnHidden
        onChange={(name) => setParams({ tab: name })}
        items={NAMES.map((name) => {
          const Tab = TABS[name];
          return { key: name, label: t(`settings.tab.${name}`), children: <Tab /> };
        })}
      />
    </Frame>
  );
}

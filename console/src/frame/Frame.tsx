import type { ReactNode } from "react";
import { ClockAndLine } from "../live/strip/ClockAndLine";
import { SideNav } from "./SideNav";
import { Tools } from "./Tools";

interface Props {
  title: string;
  /** What stands at the right of the strip: search, filters. */
  actions?: ReactNode;
  children: ReactNode;
}

/** What every page but the live one stands in: the navigation, and one strip with the clock and the connection. */
export function Frame({ title, actions, children }: Props) {
  return (
    <div className="room frame">
      <SideNav />
      <header className="strip">
        <h1>{title}</h1>
        <ClockAndLine />
        <span className="strip-actions">{actions}</span>
        <span className="strip-tools">
          <Tools />
        </span>
      </header>
      <main className="frame-main" aria-label={title}>
        {children}
      </main>
    </div>
  );
}

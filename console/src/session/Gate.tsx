import { LivePage } from "../live/LivePage";
import { LoginPage } from "./LoginPage";
import { SessionContext, useSession } from "./session";

/** Lets nobody in without a session. */
export function Gate() {
  const session = useSession();
  if (session.isPending) return <main className="whole-page" aria-busy="true" />;
  if (!session.data) return <LoginPage trouble={session.error} />;
  return (
    <SessionContext.Provider value={session.data}>
      <LivePage />
    </SessionContext.Provider>
  );
}

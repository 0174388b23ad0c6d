import { Console } from "../frame/Console";
import { HostPage } from "../host/HostPage";
import { LoginPage } from "./LoginPage";
import { SessionContext, useSession } from "./session";

/** Lets nobody in without a session, and shows the page of the address. */
export function Gate() {
  const session = useSession();
  if (session.isPending) return <main className="whole-page" aria-busy="true" />;
  if (!session.data) return <LoginPage trouble={session.error} />;
  const isHost = window.location.pathname.startsWith("/host");
  return (
    <SessionContext.Provider value={session.data}>
      {isHost ? <HostPage /> : <Console />}
    </SessionContext.Provider>
  );
}

import { LiveContext } from "./context";
import { LiveRoom } from "./LiveRoom";
import { useLiveModel } from "./useLiveModel";

/** The live page with the feed behind it. */
export function LivePage() {
  return (
    <LiveContext.Provider value={useLiveModel()}>
      <LiveRoom />
    </LiveContext.Provider>
  );
}

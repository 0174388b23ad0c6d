import { Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";
import { LiveContext } from "../live/context";
import { useLiveModel } from "../live/useLiveModel";
import { PAGES } from "./pages";

/** The pages behind one feed, which goes on while somebody walks from one to the other. */
export function Console() {
  return (
    <LiveContext.Provider value={useLiveModel()}>
      <Suspense fallback={<main className="whole-page" aria-busy="true" />}>
        <Switch>
          {PAGES.map((entry) =>
            entry.page ? (
              <Route key={entry.path} path={entry.route ?? entry.path} component={entry.page} />
            ) : null,
          )}
          <Route>
            <Redirect to="/console/" replace />
          </Route>
        </Switch>
      </Suspense>
    </LiveContext.Provider>
  );
}

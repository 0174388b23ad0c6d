import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Gate } from "./session/Gate";
import { Themed } from "./ui/look/Themed";
import { PreferencesProvider } from "./ui/preferences";

const client = new QueryClient({
  defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: true } },
});

/** The console. */
export function App() {
  return (
    <QueryClientProvider client={client}>
      <PreferencesProvider>
        <Themed>
          <Gate />
        </Themed>
      </PreferencesProvider>
    </QueryClientProvider>
  );
}

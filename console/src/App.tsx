import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Gate } from "./session/Gate";
import { PreferencesProvider } from "./ui/preferences";
import { Themed } from "./ui/Themed";

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

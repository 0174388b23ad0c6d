import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { type Language, type Translate, translate } from "../i18n/translate";

export type Theme = "dark" | "light";

interface Preferences {
  language: Language;
  theme: Theme;
  t: Translate;
  switchLanguage(): void;
  switchTheme(): void;
}

const Context = createContext<Preferences | null>(null);

function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    // Storage may be forbidden; the page works all the same.
    return null;
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // As above.
  }
}

/** Language and theme of this browser; Chinese and dark unless somebody chose. */
export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() =>
    kept("holdfast.language") === "en" ? "en" : "zh",
  );
  const [theme, setTheme] = useState<Theme>(() => (kept("holdfast.theme") === "light" ? "light" : "dark"));
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    document.title = `Holdfast ${translate(language, "app.title")}`;
    keep("holdfast.language", language);
  }, [language]);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    keep("holdfast.theme", theme);
  }, [theme]);
  const value = useMemo<Preferences>(
    () => ({
      language,
      theme,
      t: (key, values) => translate(language, key, values),
      switchLanguage: () => setLanguage((now) => (now === "zh" ? "en" : "zh")),
      switchTheme: () => setTheme((now) => (now === "dark" ? "light" : "dark")),
    }),
    [language, theme],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function usePreferences(): Preferences {
  const value = useContext(Context);
  if (!value) throw new Error("no preferences around this part");
  return value;
}

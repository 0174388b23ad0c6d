import { Button } from "antd";
import { usePreferences } from "../preferences";
import "./sheet.css";

interface Props {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): Promise<unknown> };
  /** What is said when there is nothing older; without it nothing is. */
  end?: string;
}

/** Asks for what is older, under a list that is read page by page. */
export function More({ list, end }: Props) {
  const { t } = usePreferences();
  if (!list.hasNextPage && !end) return null;
  return (
    <p className="sheet-more">
      {list.hasNextPage ? (
        <Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
          {t("audit.more")}
        </Button>
      ) : (
        <span className="muted">{end}</span>
      )}
    </p>
  );
}

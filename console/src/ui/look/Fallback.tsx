import { Component, type ReactNode } from "react";

interface Props {
  message: string;
  children: ReactNode;
}

/** Says that the page broke, where otherwise there would be a blank one. */
export class Fallback extends Component<Props, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <main className="whole-page" role="alert">
        <p>{this.props.message}</p>
      </main>
    );
  }
}

import type { ReactNode } from "react";

export const metadata = { title: "Open incidents" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body
        style={{ maxWidth: "48rem", margin: "2rem auto", padding: "0 1rem", font: "16px/1.5 system-ui, sans-serif" }}
      >
        {children}
      </body>
    </html>
  );
}

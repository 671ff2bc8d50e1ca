// Runs before the first paint: <html data-theme="auto|light|dark|contrast"> decides data-bs-theme.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const theme = root.dataset.theme;
    const isDark = theme === "dark" || theme === "contrast" || (theme !== "light" && dark.matches);
    root.dataset.bsTheme = isDark ? "dark" : "light";
  };
  root.classList.add("js");
  apply();
  dark.addEventListener("change", apply);
})();

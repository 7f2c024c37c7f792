/** What a button copies, and that it has. */

/**
 * @param {HTMLElement} button
 * @param {string} text
 */
export async function copy(button, text) {
  button.dataset.said ??= button.textContent; // which may be “Copied” by now
  const { said } = button.dataset;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    window.prompt('Copy this:', text);
  }
  setTimeout(() => {
    button.textContent = said ?? '';
  }, 1500);
}

// The switch of the small blogs between light and dark.
addEventListener('DOMContentLoaded', () => {
  const { dataset } = document.documentElement;
  document.querySelector('#lamp').addEventListener('click', () => {
    dataset.theme = dataset.theme === 'dark' ? 'light' : 'dark';
  });
});

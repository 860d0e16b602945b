// Arrow keys move between the cells of a shift roster; without this Tab still does.
document.addEventListener("keydown", (event) => {
  const cell = event.target.closest("[data-grid] input");
  if (!cell) return;
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const step = steps[event.key];
  if (!step) return;
  const rows = [...cell.closest("tbody").rows];
  let row = rows.indexOf(cell.closest("tr")) + step[0];
  let column = cell.closest("td").cellIndex + step[1];
  while (rows[row]?.cells[column]) {
    const next = rows[row].cells[column].querySelector("input");
    if (next) {
      next.focus();
      next.select();
      break;
    }
    row += step[0];
    column += step[1];
  }
  event.preventDefault(); // Enter in a cell never publishes by accident
});

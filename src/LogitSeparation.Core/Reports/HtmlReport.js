for (const button of document.querySelectorAll('th button')) {
  button.addEventListener('click', () => {
    const heading = button.parentElement, column = heading.cellIndex, body = heading.closest('table').tBodies[0];
    const sign = heading.ariaSort === 'ascending' ? -1 : 1;
    for (const other of heading.parentElement.cells) other.removeAttribute('aria-sort');
    heading.setAttribute('aria-sort', sign > 0 ? 'ascending' : 'descending');
    const key = row => row.cells[column].textContent;
    const compare = (a, b) => {
      const x = parseFloat(a), y = parseFloat(b);
      return isNaN(x) || isNaN(y) ? a.localeCompare(b) : x - y;
    };
    body.append(...[...body.rows].sort((a, b) => sign * compare(key(a), key(b))));
  });
}

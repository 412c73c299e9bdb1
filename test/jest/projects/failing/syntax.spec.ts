import './broken';

test('never runs', () => {});

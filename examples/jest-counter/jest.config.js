module.exports = { preset: 'holdfast/jest' };

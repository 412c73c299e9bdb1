'use strict';
function createTestModule(controls, adapter) { return { get env(){return controls.env}, SELF: controls.self }; }
module.exports = { createTestModule };

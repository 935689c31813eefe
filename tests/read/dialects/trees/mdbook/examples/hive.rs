// ANCHOR: frames
let frames = 10;
// ANCHOR_END: frames

export const id = 888;
export const ids = [888];
export const modules = {

/***/ 6888:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   keepMemoryLow: () => (/* binding */ keepMemoryLow)
/* harmony export */ });
/* harmony import */ var node_v8__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8877);
/* harmony import */ var node_vm__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(714);


const lookEveryMs = 20;
/** Memory of buffers from which on the young ones, and then all of them, are collected. About 30 MB are in use. */
const youngBytes = 36_000_000;
const allBytes = 43_000_000;
/** So often V8's own heap is collected, which grows by 0.2 MB a second in a transfer, and would be left so for most of a minute. */
const heapEveryMs = 5000;
/** How much must have come since the last time: what is in use is no reason to look again and again. */
const stepBytes = 6_000_000;
/**
 * By how much may be added before V8 collects by itself, in percent of what its heap holds, about 17 MB. A long listing is held short. But V8 counts the memory
 * of buffers as added too: while that is looked after from here, it would only do the same work once more.
 */
const [growthPercent, growthOfTransferPercent] = [100, 400];
/**
 * Keeps a long transfer, and a listing of ten thousand backups, at about 150 MB. V8 decides by the size of its own heap when to collect, and sees next to nothing of the
 * memory behind buffers: hundreds of megabytes that nobody uses would wait there.
 */
function keepMemoryLow() {
    // The last of V8's compilers takes 5 to 10 MB, for a program that spends its time elsewhere.
    (0,node_v8__WEBPACK_IMPORTED_MODULE_0__.setFlagsFromString)('--no-opt');
    (0,node_v8__WEBPACK_IMPORTED_MODULE_0__.setFlagsFromString)('--semi-space-growth-factor=1');
    (0,node_v8__WEBPACK_IMPORTED_MODULE_0__.setFlagsFromString)('--expose-gc');
    const collect = (0,node_vm__WEBPACK_IMPORTED_MODULE_1__.runInNewContext)('gc');
    let left = 0;
    let transfers = false;
    let collectedAt = 0;
    const collectAll = () => {
        collect();
        collectedAt = performance.now();
    };
    const setTransfers = (begun) => {
        transfers = begun;
        letGrow(begun ? growthOfTransferPercent : growthPercent);
        // What it may grow to is known from the next time on.
        if (!begun)
            collect();
        collectedAt = performance.now();
    };
    const duringTransfer = (bytes) => {
        if (bytes < youngBytes / 2)
            setTransfers(false);
        else if (performance.now() > collectedAt + heapEveryMs)
            collectAll();
    };
    letGrow(growthPercent);
    setInterval(() => {
        const bytes = bufferBytes();
        left = Math.min(left, bytes);
        if (transfers)
            duringTransfer(bytes);
        if (bytes < youngBytes || bytes < left + stepBytes)
            return;
        if (!transfers)
            setTransfers(true);
        collect({ type: 'minor', execution: 'sync' });
        if (bufferBytes() > allBytes)
            collectAll();
        left = bufferBytes();
    }, lookEveryMs).unref();
}
function letGrow(percent) {
    (0,node_v8__WEBPACK_IMPORTED_MODULE_0__.setFlagsFromString)(`--heap-growing-percent=${percent}`);
}
/** Asked often: `process.memoryUsage()` takes six times as long. */
function bufferBytes() {
    return (0,node_v8__WEBPACK_IMPORTED_MODULE_0__.getHeapStatistics)().external_memory;
}


/***/ })

};

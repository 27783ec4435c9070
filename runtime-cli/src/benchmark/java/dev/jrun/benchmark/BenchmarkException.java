// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

/** The benchmark cannot go on: something failed, or did not do what was to be measured. */
class BenchmarkException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BenchmarkException(String message) {
        super(message);
    }

    /** Somebody ended the benchmark. */
    static final class Interrupted extends BenchmarkException {
        private static final long serialVersionUID = 1;

        Interrupted() {
            super("interrupted");
        }
    }
}

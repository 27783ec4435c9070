// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.update;

import dev.jrun.spec.Resources;
import java.util.Map;

/** The limits that a caller asks for. */
public sealed interface AskedResources {

    /**
     * What is meant by what was read. A document is one of the version of the specification that the container was made
     * of; options are not, as with runc.
     */
    Resources meant(Resources read, String ociVersion);

    /**
     * Those of a document.
     *
     * @param name as the caller wrote it: relative to its working directory, or "-" for standard input
     */
    record Document(String name) implements AskedResources {
        @Override
        public Resources meant(Resources read, String ociVersion) {
            return read.as(ociVersion);
        }
    }

    /**
     * Those of options.
     *
     * @param json the document that says the same
     * @param options what is said by which, by JSON pointers into that
     */
    record OnCommandLine(String json, Map<String, String> options) implements AskedResources {
        public OnCommandLine {
            options = Map.copyOf(options);
        }

        @Override
        public Resources meant(Resources read, String ociVersion) {
            return read;
        }
    }
}

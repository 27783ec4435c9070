// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jrun.spec.ConfigReader;
import dev.jrun.spec.Resources;

/** Resources as config.json has them. */
final class Limits {

    private Limits() {}

    /** @param json {@code linux.resources} */
    static Resources of(String json) {
        String document = "{\"ociVersion\": \"1.3.0\", \"linux\": {\"resources\": " + json + "}}";
        return ConfigReader.read(document.getBytes(UTF_8)).value().orElseThrow().resources();
    }
}

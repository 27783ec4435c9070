// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jrun.spec.Resources;
import dev.jrun.spec.reading.ConfigReader;

/** Resources as config.json has them. */
public final class Limits {

    private Limits() {}

    /** @param json {@code linux.resources} */
    public static Resources of(String json) {
        String document = "{\"ociVersion\": \"1.3.0\", \"linux\": {\"resources\": " + json + "}}";
        return ConfigReader.read(document.getBytes(UTF_8)).value().orElseThrow().resources();
    }
}

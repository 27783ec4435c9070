// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.json.Json;
import dev.jrun.json.Pointer;
import dev.jrun.spec.Config;
import java.util.Map;

/** The NIS domain name, which {@code domainname} and the kernel parameter of that name both set. uts_namespaces(7). */
final class DomainName {

    private DomainName() {}

    /** Reports a document that gives two different ones. */
    static void check(Config config, ProblemCollector report) {
        if (config.domainname().isEmpty()) {
            return;
        }
        String domain = config.domainname().get();
        for (Map.Entry<String, String> sysctl : config.linux().sysctl().entrySet()) {
            if (SysctlName.isDomainName(sysctl.getKey()) && !sysctl.getValue().equals(domain)) {
                report.problem(
                        Pointer.DOCUMENT.member("linux").member("sysctl").member(sysctl.getKey()),
                        Json.quoted(sysctl.getValue()),
                        "allowed: the value of the property domainname, " + Json.quoted(domain));
            }
        }
    }
}

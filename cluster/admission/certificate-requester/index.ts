import type { CertificateSigningRequest } from '../../api/types.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { objectOf } from '../request.ts';

/**
 * A request for a certificate says who made it, whatever its author wrote there. In the real server the kind's own strategy
 * does this, and no plugin is called so: here only admission knows the user.
 */
export const certificateRequester: AdmissionPlugin = {
  name: 'CertificateRequester',
  mutate(request) {
    const object = objectOf<CertificateSigningRequest>(
      request,
      'certificatesigningrequests.certificates.k8s.io',
      'CREATE',
    );
    if (!object) return;
    const { username, uid, groups, extra } = request.user;
    const { username: _username, uid: _uid, groups: _groups, extra: _extra, ...asked } = object.spec ?? {};
    object.spec = {
      ...asked,
      username,
      ...(uid === undefined ? {} : { uid }),
      groups: [...groups],
      ...(extra === undefined ? {} : { extra }),
    };
  },
};

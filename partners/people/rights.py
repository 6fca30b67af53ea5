"""Where guardian keeps who may do what: groups only, real foreign keys: a deleted object leaves no right."""

from __future__ import annotations

from django.db import models
from guardian.models import GroupObjectPermissionBase

from territories.places.models import Intercommunality


class IntercommunalityGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Intercommunality, on_delete=models.CASCADE)  # a right on nothing is no right

    class Meta(GroupObjectPermissionBase.Meta):
        verbose_name = "droit d’un groupe sur une intercommunalité"

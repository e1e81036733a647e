from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from accounts.models import User


@admin.register(User)
class AccountAdmin(UserAdmin):
    fieldsets = (
        *UserAdmin.fieldsets,
        (_("Taste profile"), {"fields": ("age", "gender", "occupation", "postcode")}),
    )
